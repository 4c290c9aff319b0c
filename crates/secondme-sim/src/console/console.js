// The owner's console: asks the simulator every half second what has changed, and shows it as text and nothing else.
"use strict";

const INTERVAL = 500;
const INTERVAL_HIDDEN = 5000;
const PATIENCE = 8000;
const AUTHORS = { visitor: "Visitor", avatar: "Avatar", owner: "You" };

const element = id => document.getElementById(id);
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** What was written and not sent yet, for each conversation. */
const drafts = new Map();
/** The conversation that is open: what is known of it, and the nodes of its messages by their number. */
let open = null;
let wake = () => {};

watch();
addEventListener("hashchange", choose);
document.addEventListener("visibilitychange", () => document.hidden || wake());
element("composer").addEventListener("submit", event => {
  event.preventDefault();
  takeOver();
});
element("text").addEventListener("keydown", event => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    element("composer").requestSubmit();
  }
});

/** Asks again and again. What goes wrong is said, and the next time may be better. */
async function watch() {
  choose();
  for (;;) {
    try {
      showList((await ask("/console/conversations")).conversations);
      await follow();
      say("status", "Live");
      element("status").dataset.state = "live";
    } catch {
      say("status", "The simulator does not answer");
      element("status").dataset.state = "lost";
    }
    await new Promise(resolve => {
      wake = resolve;
      setTimeout(resolve, document.hidden ? INTERVAL_HIDDEN : INTERVAL);
    });
  }
}

/** Opens the conversation that the address names. */
function choose() {
  const id = decodeURIComponent(location.hash.slice(1));
  const before = open?.id;
  if (open) drafts.set(before, element("text").value);
  open = id ? { id, revision: 0, messages: new Map() } : null;
  element("console").classList.toggle("chosen", Boolean(open));
  element("nothing-chosen").hidden = Boolean(open);
  element("conversation").hidden = !open;
  element("messages").replaceChildren();
  element("text").value = drafts.get(id) ?? "";
  for (const name of ["name", "presence", "problem"]) say(name, "");
  markChosen();
  moveFocus(before);
  wake();
}

/** On a narrow screen the list and the conversation take turns: the focus goes to the one that is there. */
function moveFocus(before) {
  const list = element("conversations");
  if (open && !list.checkVisibility()) element("name").focus();
  const entry = [...list.children].find(item => item.dataset.id === before);
  if (!open && entry) entry.firstElementChild.focus();
}

/** Shows what is new in the open conversation. */
async function follow() {
  const asked = open;
  if (!asked) return;
  const answer = await fetchJson(`/console/conversations/${encodeURIComponent(asked.id)}?since=${asked.revision}`);
  // Meanwhile the owner may have chosen another one.
  if (asked !== open) return;
  if (answer.status === 404) {
    say("problem", answer.body.message);
    say("presence", "This conversation has ended");
    return;
  }
  if (!answer.ok) throw new Error(answer.body.message);
  showConversation(answer.body);
}

function showConversation(conversation) {
  const transcript = element("transcript");
  const atEnd = transcript.scrollHeight - transcript.scrollTop - transcript.clientHeight < 40;
  say("name", conversation.name);
  const presence = conversation.connected ? "visitor is here" : "visitor is away";
  say("presence", `with ${conversation.avatarName ?? "an avatar that is gone"} · ${presence}`);
  element("presence").dataset.connected = conversation.connected;
  if (open.revision === 0 && conversation.opening && !open.messages.has(0)) {
    showMessage({ number: 0, author: "avatar", text: conversation.opening, state: "complete" });
  }
  conversation.messages.forEach(showMessage);
  open.revision = conversation.revision;
  if (atEnd) transcript.scrollTop = transcript.scrollHeight;
}

function showMessage(message) {
  let item = open.messages.get(message.number);
  if (!item) {
    item = make("li", "message");
    item.dataset.author = message.author;
    const head = make("p", "head", make("span", "author", AUTHORS[message.author]));
    if (message.at) {
      const time = make("time", "", clock.format(message.at));
      time.dateTime = new Date(message.at).toISOString();
      head.append(time);
    }
    item.append(head, make("p", "text"), make("p", "note"));
    open.messages.set(message.number, item);
    element("messages").append(item);
  }
  item.dataset.state = message.state;
  write(item.querySelector(".text"), message.text);
  write(item.querySelector(".note"), note(message));
}

function note({ state, subCode }) {
  if (state === "interrupted") return "This message was not finished.";
  if (state === "failed") return `The avatar failed: ${subCode}`;
  return "";
}

function showList(conversations) {
  const list = element("conversations");
  const known = new Map([...list.children].map(item => [item.dataset.id, item]));
  const focused = document.activeElement;
  conversations.forEach((conversation, place) => {
    const item = known.get(conversation.sessionId) ?? newEntry(conversation.sessionId);
    known.delete(conversation.sessionId);
    showEntry(item, conversation);
    if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
  });
  known.forEach(item => item.remove());
  // A link that has moved up has lost the focus on its way.
  if (focused !== document.activeElement && list.contains(focused)) focused.focus();
  element("no-conversations").hidden = conversations.length > 0;
  markChosen();
}

function newEntry(id) {
  const link = make("a", "entry");
  link.href = `#${encodeURIComponent(id)}`;
  const dot = make("span", "dot");
  dot.setAttribute("aria-hidden", "true");
  link.append(dot, make("span", "name"), make("time", "time"), make("span", "last"), make("span", "visually-hidden"));
  const item = make("li", "", link);
  item.dataset.id = id;
  return item;
}

function showEntry(item, { name, at, connected, lastMessage }) {
  item.dataset.connected = connected;
  write(item.querySelector(".name"), name);
  write(item.querySelector(".time"), at ? clock.format(at) : "");
  write(item.querySelector(".last"), preview(lastMessage));
  write(item.querySelector(".visually-hidden"), connected ? "connected" : "not connected");
}

function preview(last) {
  if (!last) return "No messages yet";
  const text = last.text || { streaming: "is writing…", failed: "failed to answer" }[last.state] || "";
  return last.author === "visitor" ? text : `${AUTHORS[last.author]}: ${text}`;
}

function markChosen() {
  for (const item of element("conversations").children) {
    const link = item.firstElementChild;
    if (item.dataset.id === open?.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Sends what the owner wrote. What did not arrive stays in the box. */
async function takeOver() {
  const target = open;
  const [field, button] = [element("text"), element("send")];
  if (!target || button.disabled) return;
  const text = field.value;
  say("problem", "");
  button.disabled = true;
  let problem = "";
  try {
    const answer = await fetchJson("/console/takeover", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sessionId: target.id, text }),
    });
    if (!answer.ok) problem = `${answer.body.message} (${answer.body.subCode})`;
  } catch {
    problem = "The simulator does not answer, so it is not certain that the message has arrived.";
  }
  button.disabled = false;
  if (!problem) drafts.delete(target.id);
  if (target !== open) return;
  say("problem", problem);
  // What was written while the message was on its way is another message.
  if (!problem && field.value === text) field.value = "";
  field.focus();
  wake();
}

async function ask(address) {
  const answer = await fetchJson(address);
  if (!answer.ok) throw new Error(answer.body.message);
  return answer.body;
}

async function fetchJson(address, options) {
  const response = await fetch(address, { ...options, signal: AbortSignal.timeout(PATIENCE) });
  return { ok: response.ok, status: response.status, body: await response.json() };
}

function say(id, text) {
  write(element(id), text);
}

/** Changes a text only if it is another one, so that a screen reader is not told the same thing twice. */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function make(name, className, content = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(content);
  return node;
}
