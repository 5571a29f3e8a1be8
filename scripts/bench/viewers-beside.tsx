/** The pages that the log viewer is measured beside: a list made for logs, and none. Bundled and served by the benchmark. */
import { LazyLog } from "@melloware/react-logviewer";
import { createRoot } from "react-dom/client";

const root = document.getElementById("root");
const url = `/log/${new URLSearchParams(window.location.search).get("lines")}`;

if (root && window.location.pathname === "/pre")
  fetch(url)
    .then((response) => response.text())
    .then((text) => {
      const pre = document.createElement("pre");
      pre.textContent = text;
      root.append(pre);
    })
    .catch(console.error);
else if (root) createRoot(root).render(<LazyLog url={url} height={800} width={1200} enableSearch />);
