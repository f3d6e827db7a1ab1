const browsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]

const systems: [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux|CrOS/, 'Linux'],
]

/** An address as people know it: that of this very machine is long, and says nothing. */
export function placeName(address: string): string {
  return /^(127\.[\d.]+|[0:]+1?)$/.test(address) ? 'on this machine' : address
}

/** "Firefox on Linux" for a user agent, good enough to recognise one's own devices. */
export function deviceName(userAgent: string | null | undefined): string {
  if (!userAgent) return 'Unknown device'
  const find = (table: [RegExp, string][]) => table.find(([pattern]) => pattern.test(userAgent))?.[1]
  const browser = find(browsers) ?? userAgent.split(/[\s/]/)[0] ?? 'Unknown'
  const system = find(systems)
  return system ? `${browser} on ${system}` : browser
}
