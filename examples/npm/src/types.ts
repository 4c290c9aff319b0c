// What the types let a program say and what they don't; it is only checked and never run.
import { createElement } from "react";
import { mount, type Chat, type ChatEvents, type Identity } from "secondme-chat";
import { ChatWidget as ReactChat } from "secondme-chat/react";
import { ChatWidget as VueChat } from "secondme-chat/vue";
import { h } from "vue";

const chat: Chat = mount({ base: "/chat", starters: ["One", "Two"], strings: { open: "Ask us" }, consent: true });
const open: boolean = chat.state.open;
const unread: number = chat.state.unread;
chat.open(), chat.close(), chat.toggle(), chat.reset(), chat.destroy(), chat.send("One"), chat.prefill("Two");
chat.identify(null);
chat.identify({ id: "customer-42", siteToken: async () => "token" });
chat.on("unread", ({ detail }) => detail.toFixed(open ? unread : 0));
chat.on("error", ({ detail }) => detail === "busy");
chat.on("sent", ({ detail }) => detail.trim());
document.addEventListener("secondme-chat:reply", ({ detail }) => detail.trim());
document.querySelector("secondme-chat")?.open();
window.SecondMeChat?.push((chat) => chat.send("One"));
createElement(ReactChat, { base: "/chat", persist: "none", onChat: (chat: Chat) => chat.open() });
h(VueChat, { base: "/chat", side: "left", onChat: (chat: Chat) => chat.open() });

// @ts-expect-error The proxy's address is needed.
mount({});
// @ts-expect-error There is no such look.
mount({ base: "/chat", theme: "blue" });
// @ts-expect-error An option cannot carry a secret.
mount({ base: "/chat", apiKey: "sk-…" });
// @ts-expect-error There is no such event.
chat.on("typing", () => {});
// @ts-expect-error The text of a reply is no number.
chat.on("reply", ({ detail }) => detail.toFixed());
// @ts-expect-error A person has one token.
chat.identify({ id: "customer-42", siteToken: "one", userToken: "other" });
// @ts-expect-error How the chat stands is read alone.
chat.state = { open: true, unread: 0 };
// @ts-expect-error The proxy's address is needed.
createElement(ReactChat, {});

export type { ChatEvents, Identity };
