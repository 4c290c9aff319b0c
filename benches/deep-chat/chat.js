// deep-chat on a page as a site owner would put it there: a bubble that opens it, and its connect handler on the same proxy
// and the same socket as the widget's.
import "deep-chat/dist/deepChat.bundle.js";

const base = new URL("/chat/", location.href).href;
const launcher = document.createElement("button");
let chat, session, signals;

const post = async (path, body) => {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(base + path, { method: "POST", headers, body: JSON.stringify(body) });
  return (await answer.json()).data;
};

async function connect() {
  session = await post("init", { visitorId: `web_${crypto.randomUUID()}` });
  const socket = new WebSocket(session.wsUrl);
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    for (const { modal } of frame.multipleData) if (modal.answer) signals.onResponse({ text: modal.answer });
    if (frame.index === -1) signals.onClose();
  };
}

async function handler({ messages }, own) {
  signals = own;
  signals.onOpen();
  post("send", { sessionId: session.sessionId, message: messages.at(-1).text });
}

launcher.textContent = "…";
launcher.className = "launcher";
launcher.style.cssText = "position:fixed;right:20px;bottom:20px;width:56px;height:56px;border:0;border-radius:28px;background:#2f4fc4;color:#fff";
launcher.onclick = () => {
  chat = document.createElement("deep-chat");
  chat.style.cssText = "position:fixed;right:20px;bottom:88px;width:380px;height:600px;max-height:80vh";
  chat.connect = { stream: true, handler };
  const past = JSON.parse(localStorage.getItem("floor") ?? "[]");
  chat.history = past.map(([author, text]) => ({ role: author === "visitor" ? "user" : "ai", text }));
  document.body.append(chat);
  connect();
};
document.body.append(launcher);
