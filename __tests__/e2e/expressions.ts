import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/** The contexts of an expression: `github`, `secrets`, `vars`, `steps` and so on. */
export type Contexts = Readonly<Record<string, unknown>>;

/** A text with each `${{ }}` replaced by its value, as the runner does. */
export function fillIn(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluate(expression, contexts).coerceString(),
  );
}

/** {@link fillIn} for all values of a `with:` or `env:`. */
export function fillInAll(
  values: Readonly<Record<string, string>>,
  contexts: Contexts,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, fillIn(value, contexts)]),
  );
}

/**
 * Whether a step with this `if:` is run.
 * @param failed whether a step before it has failed
 */
export function isRun(condition: string | undefined, contexts: Contexts, failed: boolean): boolean {
  const bare = condition?.replace(/^\$\{\{(.*)\}\}$/s, '$1') ?? 'success()';
  const asksForStatus = /\b(?:success|failure|always|cancelled)\(\)/.test(bare);
  const expression = asksForStatus ? bare : `success() && (${bare})`;
  const status = { success: !failed, failure: failed, always: true, cancelled: false };
  return evaluate(expression, contexts, status).coerceString() === 'true';
}

function evaluate(
  expression: string,
  contexts: Contexts,
  status: Readonly<Record<string, boolean>> = {},
): data.ExpressionData {
  const functions = Object.entries(status).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }));
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser([...tokens], Object.keys(contexts), functions).parse();
  const context: data.Dictionary = JSON.parse(JSON.stringify(contexts), data.reviver);
  const byName = new Map(functions.map((definition) => [definition.name, definition]));
  return new Evaluator(parsed, context, byName).evaluate();
}

/** Whether a tag starts a workflow with these `on: push: tags:` patterns. */
export function startsWorkflow(tag: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const expression = [...pattern.matchAll(/\[[^\]]+\]|\*\*|./gs)]
      .map(([token]) => filterTokens[token] ?? (token.length > 1 ? token : escapeSpecial(token)))
      .join('');
    return new RegExp(`^${expression}$`).test(tag);
  });
}

/** GitHub's filter patterns, where they differ from text and from regular expressions. */
const filterTokens: Readonly<Record<string, string>> = {
  '**': '.*',
  '*': '[^/]*',
  '?': '?',
  '+': '+',
};

function escapeSpecial(character: string): string {
  return character.replace(/[\\^$.|(){}]/, '\\$&');
}
