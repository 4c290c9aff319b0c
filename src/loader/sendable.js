// Functions over a channel: a page's `identify` may be given one that fetches a token. Each goes as a port that asks it.

/** The values as they can be sent, and the ports that go with them. */
export function sendable(values) {
  const ports = [];
  const replace = (value) => {
    if (typeof value == "function") return { asks: ports.push(askable(value)) - 1 };
    if (!value || typeof value != "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replace(inner)]));
  };
  return [values.map(replace), ports];
}

/** The values as they were meant. */
export function received(values, ports) {
  const restore = (value) => {
    if (!value || typeof value != "object") return value;
    if ("asks" in value) return asking(ports[value.asks]);
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, restore(inner)]));
  };
  return values.map(restore);
}

function askable(ask) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = async ({ data: number }) => {
    try {
      port1.postMessage([number, await ask()]);
    } catch (error) {
      port1.postMessage([number, , String(error)]);
    }
  };
  return port2;
}

function asking(port) {
  const waiting = [];
  port.onmessage = ({ data: [number, answer, error] }) => {
    const [resolve, reject] = waiting[number];
    if (error === undefined) resolve(answer);
    else reject(new Error(error));
  };
  return () => new Promise((...settle) => port.postMessage(waiting.push(settle) - 1));
}
