import { Loading, Skeleton } from "@/components/ui/skeleton";
import { Table, Td } from "@/components/ui/table";
import { ProfileTableHead } from "./profile-table";

const rows = ["w-32", "w-44", "w-28", "w-36", "w-24"];

/** The table's shape, while it comes. */
export function ProfileTableSkeleton() {
  return (
    <Loading what="profiles">
      <Table label="Profiles, loading">
        <ProfileTableHead />
        <tbody>
          {rows.map((width) => (
            <tr key={width} className="h-15 border-b last:border-b-0">
              <Td>
                <Skeleton className={width} />
                <Skeleton className="mt-2 h-3 w-4/5 max-w-64" />
              </Td>
              <Td className="hidden md:table-cell">
                <Skeleton className="w-40" />
              </Td>
              <Td className="hidden lg:table-cell">
                <Skeleton className="w-16" />
              </Td>
              <Td className="hidden lg:table-cell">
                <Skeleton className="w-4" />
              </Td>
              <Td className="hidden xl:table-cell">
                <Skeleton className="w-24" />
              </Td>
              <Td />
            </tr>
          ))}
        </tbody>
      </Table>
    </Loading>
  );
}
