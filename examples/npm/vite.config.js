import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [vue()],
  base: "./",
  build: { rollupOptions: { input: ["index.html", "react.html", "vue.html"] } },
});
