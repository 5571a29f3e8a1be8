"use client";

import { Package as PackageIcon } from "lucide-react";
import { parseAsString, parseAsStringEnum, useQueryStates } from "nuqs";
import { useDeferredValue } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { Section } from "@/components/ui/panel";
import { SearchInput } from "@/components/ui/search-input";
import { ToggleChips } from "@/components/ui/toggle-chips";
import { formatCount, formatSize } from "@/lib/format";
import { type Manager, managers } from "@/lib/inventories/content";
import type { InventoryWire } from "@/lib/inventories/wire";
import { FolderTable } from "./folder-table";
import { PackageTable } from "./package-table";
import { ProgramList } from "./program-list";

const parsers = {
  q: parseAsString.withDefault(""),
  manager: parseAsStringEnum<Manager | "all">(["all", ...managers]).withDefault("all"),
};

/** All of an inventory; the search and the chosen manager are in the address. */
export function InventoryView({ inventory }: { inventory: InventoryWire }) {
  const [search, setSearch] = useQueryStates(parsers, { history: "replace" });
  const { q, manager } = useDeferredValue(search);
  const wanted = q.trim().toLowerCase();
  const packages = inventory.packages.filter(
    (each) => (manager === "all" || each.manager === manager) && each.name.toLowerCase().includes(wanted),
  );
  const present = managers.filter((one) => inventory.packages.some((each) => each.manager === one));
  const programs = inventory.executables.filter((path) => path.toLowerCase().includes(wanted));
  return (
    <div className="flex flex-col gap-6">
      {inventory.truncated ? (
        <Notice kind="info">There was more than is kept, so these lists aren't complete.</Notice>
      ) : null}
      {inventory.unreadable.length > 0 ? (
        <Notice kind="info">
          It has {inventory.unreadable.join(" and ")} packages, too. Kiln can't read that list.
        </Notice>
      ) : null}
      <div className="flex flex-wrap items-center gap-3">
        <SearchInput
          label="Search packages and programs"
          value={search.q}
          onValueChange={(value) => setSearch({ q: value || null })}
          className="w-full sm:w-80"
        />
        {present.length > 1 ? (
          <ToggleChips
            label="Package manager"
            value={search.manager}
            onValueChange={(value) => setSearch({ manager: value === "all" ? null : value })}
            options={[{ value: "all", label: "All" }, ...present.map((value) => ({ value, label: value }))]}
          />
        ) : null}
      </div>
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <Section title="Packages" description={formatCount(packages.length, "package")}>
          {packages.length > 0 ? (
            <PackageTable packages={packages} />
          ) : (
            <EmptyState
              icon={<PackageIcon />}
              title={inventory.packages.length > 0 ? "No package like that" : "No packages"}
            >
              {inventory.packages.length > 0
                ? "None matches the search. Clear it to see all."
                : "No list of apt, apk, npm or pip is in this image."}
            </EmptyState>
          )}
        </Section>
        <div className="flex min-w-0 flex-col gap-8">
          <Section
            title={inventory.baseKnown ? "New programs" : "Programs"}
            description={
              inventory.baseKnown
                ? `On PATH, and not in the base image. All in all there are ${inventory.executablesOnPath.toLocaleString("en")}.`
                : "On PATH. The base image is gone, so nobody can tell which of them are new."
            }
          >
            {programs.length > 0 ? (
              <ProgramList label="Programs" programs={programs.map((path) => ({ path }))} />
            ) : (
              <p className="text-sm text-muted">{wanted ? "None matches the search." : "None."}</p>
            )}
          </Section>
          <Section
            title="Folders"
            description={`${formatCount(inventory.files, "file")}, ${formatSize(inventory.bytes)}`}
          >
            <FolderTable
              label="Folders"
              folders={inventory.folders}
              files={(count) => count.toLocaleString("en")}
              bytes={formatSize}
            />
          </Section>
        </div>
      </div>
    </div>
  );
}
