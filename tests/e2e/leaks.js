// Runs before the page's own scripts, and counts what a chat could leave behind it: connections, channels, locks, timers, and
// listeners on what outlives it. It changes nothing.
(() => {
  const open = { sockets: new Set(), channels: new Set(), timers: new Set(), locks: 0, observers: new Set(), listeners: new Map() };
  window.leftBehind = () => ({
    sockets: [...open.sockets].filter(({ readyState }) => readyState < 2).length,
    channels: open.channels.size,
    timers: open.timers.size,
    locks: open.locks,
    observers: open.observers.size,
    listeners: [...open.listeners.values()].reduce((sum, count) => sum + count, 0),
  });

  const watch = (name, kind, end) => {
    window[name] = new Proxy(window[name], {
      construct: (target, call) => {
        const made = Reflect.construct(target, call);
        kind.add(made);
        return made;
      },
    });
    const { prototype } = window[name];
    if (!end) return;
    const original = prototype[end];
    prototype[end] = function (...call) {
      kind.delete(this);
      return original.apply(this, call);
    };
  };
  watch("WebSocket", open.sockets);
  watch("BroadcastChannel", open.channels, "close");

  // Those that look at the page itself.
  const { observe, disconnect } = MutationObserver.prototype;
  MutationObserver.prototype.observe = function (target, ...rest) {
    if (lasts(target)) open.observers.add(this);
    return observe.call(this, target, ...rest);
  };
  MutationObserver.prototype.disconnect = function () {
    open.observers.delete(this);
    return disconnect.call(this);
  };

  for (const [set, clear, once] of [["setTimeout", "clearTimeout", true], ["setInterval", "clearInterval", false]]) {
    const [begin, end] = [window[set], window[clear]];
    window[set] = (callback, ...rest) => {
      const id = begin((...call) => {
        if (once) open.timers.delete(id);
        callback(...call);
      }, ...rest);
      open.timers.add(id);
      return id;
    };
    window[clear] = (id) => {
      open.timers.delete(id);
      end(id);
    };
  }

  const request = LockManager.prototype.request;
  LockManager.prototype.request = function (...call) {
    open.locks += 1;
    const result = request.apply(this, call);
    const ended = () => void (open.locks -= 1);
    result.then(ended, ended);
    return result;
  };

  const lasts = (target) =>
    [window, document, document.documentElement, document.body, document.head, window.visualViewport].includes(target) ||
    target instanceof MediaQueryList;
  const key = new WeakMap();
  let last = 0;
  const of = (value) => {
    if (!value) return 0;
    if (!key.has(value)) key.set(value, ++last);
    return key.get(value);
  };
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const name = (target, type, listener, options) =>
    [of(target), type, of(listener), Boolean(typeof options == "object" ? options?.capture : options)].join();
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const target = this ?? window;
    if (lasts(target) && listener) {
      open.listeners.set(name(target, type, listener, options), 1);
      options?.signal?.addEventListener("abort", () => open.listeners.delete(name(target, type, listener, options)));
    }
    return add.call(target, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const target = this ?? window;
    open.listeners.delete(name(target, type, listener, options));
    return remove.call(target, type, listener, options);
  };
})();
