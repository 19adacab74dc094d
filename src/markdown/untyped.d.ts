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

declare module 'html-to-text' {
  interface Selector {
    readonly selector: string;
    readonly format?: string;
    readonly options?: Readonly<Record<string, unknown>>;
  }
  /** An element, or with `data` a text. */
  export interface Element {
    readonly name: string;
    readonly attribs: Readonly<Record<string, string>>;
    readonly children: readonly Element[];
    readonly data?: string;
  }
  export type Formatter = (
    element: Element,
    walk: unknown,
    builder: {
      readonly addInline: (text: string) => void;
      readonly options: { readonly formatters: Readonly<Record<string, Formatter>> };
    },
    options: unknown,
  ) => void;
  interface Options {
    readonly wordwrap: false;
    readonly formatters: Readonly<Record<string, Formatter>>;
    readonly selectors: readonly Selector[];
  }
  export const convert: (html: string, options: Options) => string;
}
