/** Encodes a path for a URL, its slashes aside; brackets too, which would end a Markdown link. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeSegment).join('/');
}

/** Encodes one segment of a path, or a value of a query. */
export function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed()).replace(/[!'()*]/g, percent);
}

/** A character of ASCII as URLs write it, such as `%20`. */
export function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
