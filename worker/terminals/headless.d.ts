/** The package's entry is a script whose names Node can't see; its module beside that has the same ones. */
declare module "@xterm/headless/lib-headless/xterm-headless.mjs" {
  export * from "@xterm/headless";
}
