// What the packages without types of their own give, as far as it is used.

declare module 'downdoc' {
  const downdoc: (
    asciidoc: string,
    options?: { readonly attributes?: Readonly<Record<string, string>> },
  ) => string;

  export = downdoc;
}

declare module 'markdown-it-emoji/lib/data/full.mjs' {
  /** The emoji by their names. */
  const names: Readonly<Record<string, string>>;

  export = names;
}
