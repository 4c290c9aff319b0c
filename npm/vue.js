// The chat as a component of Vue.
import { camelize, defineComponent, h, onBeforeUnmount, onMounted, shallowRef } from "vue";
import { mount } from "secondme-chat";

/** Takes the options of `mount` as attributes, and tells the chat as its event `chat`. */
export const ChatWidget = defineComponent({
  name: "ChatWidget",
  inheritAttrs: false,
  emits: ["chat"],
  setup(_, { attrs, emit }) {
    const place = shallowRef();
    let chat;
    onMounted(() => {
      const options = Object.fromEntries(Object.entries(attrs).map(([name, value]) => [camelize(name), value]));
      chat = mount({ ...options, target: options.mode === "inline" ? place.value : null });
      emit("chat", chat);
    });
    onBeforeUnmount(() => chat?.destroy());
    return () => h("div", { ref: place });
  },
});
