/** `*` stands for any characters but a slash, `**` for any, `?` for one but a slash. */
export function pathGlob(pattern: string): RegExp {
  return new RegExp(`^${globSource(pattern, '.*')}$`)
}

/** The same for an origin or host, where nothing stands for a slash or a backslash. */
export function originGlob(pattern: string): RegExp {
  return new RegExp(`^${globSource(pattern, '[^/\\\\]*')}$`, 'i')
}

function globSource(pattern: string, anything: string): string {
  return pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*+|\*|\?/g, found => (found === '?' ? '[^/\\\\]' : found === '*' ? '[^/\\\\]*' : anything))
}
