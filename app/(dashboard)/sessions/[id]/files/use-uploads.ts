"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { pathIn } from "@/lib/sessions/entries";
import { uploadFile } from "@/lib/sessions/file-client";

/** Uploads files into a folder, one after the other, and tells how far it is. */
export function useUploads(id: string, folder: string | undefined, onSettled: () => void) {
  const [progress, setProgress] = useState<string | null>(null);
  const { mutate, error } = useMutation({
    mutationFn: async (files: File[]) => {
      for (const [index, file] of files.entries()) {
        setProgress(files.length > 1 ? `Uploading ${index + 1} of ${files.length}` : "Uploading");
        await uploadFile(id, pathIn(folder ?? "", file.name), file);
      }
    },
    onSettled: () => {
      setProgress(null);
      onSettled();
    },
  });
  return { upload: mutate, progress, error };
}
