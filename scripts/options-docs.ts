// Writes docs/options.md: every option of `init`, read from the types and their comments, so that the page cannot drift.
// `--check` only tells whether the page is what the types say.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = `${root}docs/options.md`

interface Option {
  path: string
  type: string
  text: string
}

/** Options of one level, deeper ones after the one they belong to. */
export function optionsOf(checker: ts.TypeChecker, type: ts.Type, path = ''): Option[] {
  return checker.getPropertiesOfType(type).flatMap(property => {
    const [declaration] = property.declarations ?? []
    if (!declaration) return []
    const here = path ? `${path}.${property.name}` : property.name
    const given = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(property, declaration))
    const inner = groupIn(checker, given, declaration)
    const text = ts.displayPartsToString(property.getDocumentationComment(checker)).replaceAll(/\s*\n\s*/g, ' ')
    const own = { path: here, type: inner ? typeOutside(checker, given) : describe(checker, given, declaration), text }
    return [own, ...(inner ? optionsOf(checker, inner, here) : [])]
  })
}

/** The part of a type that is a group of further options of ours: an object that is written in this repository. */
function groupIn(checker: ts.TypeChecker, type: ts.Type, at: ts.Node): ts.Type | undefined {
  const members = type.isUnion() ? type.types : [type]
  return members.find(member => {
    if (!(member.flags & ts.TypeFlags.Object) || checker.isArrayType(member)) return false
    if (member.getCallSignatures().length > 0 || checker.getIndexTypeOfType(member, ts.IndexKind.String)) return false
    const [declaration] = member.symbol?.declarations ?? []
    const file = declaration?.getSourceFile().fileName ?? at.getSourceFile().fileName
    return /\/src\/options\//.test(file) && checker.getPropertiesOfType(member).length > 0
  })
}

/** What may stand in the place of a group, such as `true` or a string. */
function typeOutside(checker: ts.TypeChecker, type: ts.Type): string {
  if (!type.isUnion()) return ''
  const others = type.types.filter(member => !(member.flags & ts.TypeFlags.Object))
  return others
    .map(member => checker.typeToString(member))
    .join(' | ')
    .replace('false | true', 'boolean')
}

function describe(checker: ts.TypeChecker, type: ts.Type, at: ts.Declaration): string {
  if (type.flags & ts.TypeFlags.TypeParameter) type = checker.getBaseConstraintOfType(type) ?? type
  // As it is written, where it is written short; the checker would spell every alias out.
  const written = ts.isPropertySignature(at) && at.type ? at.type.getText().replaceAll(/\s+/g, ' ') : ''
  return written.length > 1 && written.length <= 90
    ? written
    : checker.typeToString(type, at, ts.TypeFormatFlags.NoTruncation)
}

const escapeCell = (text: string) => text.replaceAll('|', '\\|')

/** The page: a table for each top-level option that is a group, and one for the rest. */
export function render(options: readonly Option[]): string {
  const groups = new Set(options.filter(({ path }) => path.includes('.')).map(({ path }) => path.split('.')[0]))
  const row = ({ path, type, text }: Option) =>
    `| \`${path}\` | ${type && `\`${escapeCell(type)}\``} | ${escapeCell(text)} |`
  const table = (rows: readonly Option[]) => ['| option | type | |', '|---|---|---|', ...rows.map(row)].join('\n')
  const single = options.filter(({ path }) => !groups.has(path.split('.')[0] ?? ''))
  const sections = [...groups].map(group => {
    const [own, ...rest] = options.filter(({ path }) => path === group || path.startsWith(`${group}.`))
    return [`## ${group}`, own?.text, table(rest)].filter(Boolean).join('\n\n')
  })
  return `# Options

What \`init\` takes. Names are Better Auth's where it has the option, and an options object written for it is accepted as
it is. This page is made from the types by \`npm run docs\`.

${table(single)}

${sections.join('\n\n')}
`
}

/** The page as it should be. */
export function optionsPage(): string {
  const program = ts.createProgram([`${root}src/options/index.ts`], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ESNext,
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(`${root}src/options/index.ts`)
  const exported = source && checker.getSymbolAtLocation(source)?.exports?.get('KerniaOptions' as ts.__String)
  if (!exported) throw new Error('src/options/index.ts exports no KerniaOptions')
  return render(optionsOf(checker, checker.getDeclaredTypeOfSymbol(exported)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = optionsPage()
  if (process.argv.includes('--check')) {
    if (readFileSync(page, 'utf8') !== made) {
      console.error('docs/options.md is not what the types say; run `npm run docs`')
      process.exitCode = 1
    }
  } else writeFileSync(page, made)
}
