"use client";

import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useEffectEvent, useRef } from "react";
import { shellExtensions } from "./shell-extensions";

export interface CodeMirrorProps {
  label: string;
  describedBy: string;
  value: string;
  onValueChange: (value: string) => void;
  invalid: boolean;
  nonce: string;
}

/** CodeMirror as a controlled field: tells of every change, and takes a value that came from elsewhere. */
export function CodeMirror({ label, describedBy, value, onValueChange, invalid, nonce }: CodeMirrorProps) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const start = useRef(value);
  const changed = useEffectEvent(onValueChange);

  useEffect(() => {
    if (!host.current) return;
    const view = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: start.current,
        extensions: [
          shellExtensions,
          EditorView.cspNonce.of(nonce),
          EditorView.contentAttributes.of({
            "aria-label": label,
            "aria-describedby": describedBy,
            spellcheck: "false",
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString());
          }),
        ],
      }),
    });
    editor.current = view;
    return () => {
      start.current = view.state.doc.toString();
      view.destroy();
      editor.current = null;
    };
  }, [label, describedBy, nonce]);

  useEffect(() => {
    const view = editor.current;
    if (!view || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    editor.current?.contentDOM.setAttribute("aria-invalid", String(invalid));
  }, [invalid]);

  return <div ref={host} className="absolute inset-0" />;
}
