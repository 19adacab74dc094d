import { ActionError } from '../errors.ts';
import { listWords, quote } from '../text.ts';

/** What the placeholders of a template stand for; undefined where there is no such thing. */
export type TemplateValues = Readonly<Record<string, string | undefined>>;

/**
 * Fills `{name}` placeholders in.
 * @param input the input that the template comes from, for the error
 * @throws ActionError E_CONFIG for a placeholder that is unknown or has no value in this run
 */
export function fillTemplate(input: string, template: string, values: TemplateValues): string {
  return template.replace(/\{([^{}]*)\}/g, (placeholder, name: string) => {
    const known = Object.hasOwn(values, name);
    const value = known ? values[name] : undefined;
    if (value !== undefined) return value;
    throw new ActionError({
      code: 'E_CONFIG',
      what: known
        ? `${input} uses ${placeholder}, but this run has no ${name}.`
        : `${input} uses the unknown placeholder ${quote(placeholder, 60)}.`,
      remedy: known
        ? `Remove ${placeholder} from ${input}, or use a tag, an event or inputs that provide it.`
        : `Use ${listWords(Object.keys(values).map((each) => `{${each}}`))}.`,
    });
  });
}
