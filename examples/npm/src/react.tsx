import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ChatWidget } from "secondme-chat/react";

function Shop() {
  return <ChatWidget base="/chat" theme="light" onChat={(chat) => chat.prefill("hello")} />;
}

const place = document.querySelector("#app");
if (place) createRoot(place).render(<StrictMode><Shop /></StrictMode>);
