import { mount } from "secondme-chat";

const chat = mount({ base: "/chat", theme: "light", visitorName: "Zoë" });

chat.on("reply", (event) => console.info("The avatar said:", event.detail));
document.querySelector("#ask")?.addEventListener("click", () => chat.send("Where is my parcel?"));
