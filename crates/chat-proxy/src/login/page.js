"use strict";
(() => {
  const { result, opener } = document.body.dataset;
  if (!result) return;
  const message = { type: "secondme-chat:login", result };
  if (window.opener) window.opener.postMessage(message, opener);
  // Where the opener's policy has cut it off, it still hears this, if it is of the same origin.
  const channel = new BroadcastChannel("secondme-chat:login");
  channel.postMessage(message);
  channel.close();
  window.close();
})();
