import { badRequest } from './refusal.ts';
import type { Release } from './release.ts';

type Test = (release: Release) => boolean;

/** What each filter of `GET /v3/releases` compares: the values of a release that may match it. */
const filters: Readonly<Record<string, (release: Release) => readonly string[]>> = {
  productId: (release) => [release.productId],
  name: (release) => [release.name],
  platform: (release) => release.platforms,
  channel: (release) => [release.channel],
  version: (release) => [release.version],
  published: (release) => [String(release.published)],
  private: (release) => [String(release.private)],
};

const orders: Readonly<Record<string, (a: Release, b: Release) => number>> = {
  createdAt: (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt),
  updatedAt: (a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt),
  name: (a, b) => compare(a.name, b.name),
  channel: (a, b) => compare(a.channel, b.channel),
  version: (a, b) => compare(a.version, b.version),
};

const defaultLimit = 25;

export interface ListOptions {
  readonly releases: readonly Release[];
  readonly query: URLSearchParams;
  /** Behaves as a server that knows no filters. */
  readonly ignoreFilters: boolean;
}

/**
 * One page of `GET /v3/releases`: filtered, sorted (creation date, ascending, by default), cut.
 * @throws Refusal (400) for a parameter, operator or value that the contract doesn't have.
 */
export function listReleases({ releases, query, ignoreFilters }: ListOptions): readonly Release[] {
  const {
    page = '1',
    limit = String(defaultLimit),
    sort = 'createdAt',
    ...rest
  } = Object.fromEntries(query);
  const tests = ignoreFilters ? [] : Object.entries(rest).map(readFilter);
  const size = readWhole('limit', limit, 100);
  const start = (readWhole('page', page, Number.MAX_SAFE_INTEGER) - 1) * size;
  return releases
    .filter((release) => tests.every((test) => test(release)))
    .toSorted(readSort(sort))
    .slice(start, start + size);
}

function readFilter([parameter, value]: readonly [string, string]): Test {
  const [, name = '', operator = 'eq'] = /^(\w+)(?:\[(\w+)\])?$/.exec(parameter) ?? [];
  if (name === 'search' || name === 'query') return searchTest(value.toLowerCase());
  const values = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (values === undefined) throw badRequest(`There is no query parameter ${parameter}.`);
  if ((name === 'published' || name === 'private') && !/^(?:true|false)$/.test(value)) {
    throw badRequest(`${parameter} must be true or false.`);
  }
  return filterTest({ operator, values, value });
}

interface Filter {
  readonly operator: string;
  readonly values: (release: Release) => readonly string[];
  readonly value: string;
}

function filterTest({ operator, values, value }: Filter): Test {
  switch (operator) {
    case 'eq':
      return (release) => values(release).includes(value);
    case 'ne':
      return (release) => !values(release).includes(value);
    case 'in': {
      const allowed = value.split(',').map((item) => item.trim());
      return (release) => values(release).some((item) => allowed.includes(item));
    }
    case 'gt':
      return (release) => values(release).some((item) => compare(item, value) > 0);
    case 'lt':
      return (release) => values(release).some((item) => compare(item, value) < 0);
    default:
      throw badRequest(`There is no query operator ${operator}.`);
  }
}

function searchTest(words: string): Test {
  return ({ name, version }) => `${name}\n${version}`.toLowerCase().includes(words);
}

function readSort(sort: string): (a: Release, b: Release) => number {
  const field = sort.replace(/^-/, '');
  const order = Object.hasOwn(orders, field) ? orders[field] : undefined;
  if (order === undefined) {
    throw badRequest(`sort must be one of ${Object.keys(orders).join(', ')}.`);
  }
  return sort.startsWith('-') ? (a, b) => order(b, a) : order;
}

function readWhole(name: string, text: string, highest: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > highest) {
    throw badRequest(`${name} must be a whole number from 1 to ${highest}.`);
  }
  return number;
}

// Numeric, so that 1.10 comes after 1.9.
const collator = new Intl.Collator('en', { numeric: true });

function compare(a: string, b: string): number {
  return collator.compare(a, b);
}
