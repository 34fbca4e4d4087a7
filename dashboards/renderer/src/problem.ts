/** Something the caller got wrong or can mend; its message is shown as it is, without a stack. */
export class Problem extends Error {}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
