// A problem is something that went wrong outside our code, told so that a person can act on it.

/** `code` is stable and greppable; `detail` says what, where and what to do; `at` is the path of the offending value. */
export type Problem = { code: string; detail: string; at?: string };

export const problem = (code: string, detail: string, at?: string): Problem =>
  at === undefined ? { code, detail } : { code, detail, at };
