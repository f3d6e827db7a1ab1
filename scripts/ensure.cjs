'use strict'
// Makes `npm start` and `npm test` work as the first command in a fresh clone. It installs the locked packages when
// they are missing or stale, and adds a Node 24 of the project's own when the machine's Node is too old.
// Plain CommonJS without dependencies: it must run on Node 14.18 and before anything is installed.

const { createHash } = require('node:crypto')
const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const OLDEST_NODE = [22, 17]
const RUNTIME_VERSION = '24.21.0'
const NPM_VERSION = '8.19.4'

// No scripts: nothing we use needs one (argon2 ships prebuilt), and under an old system Node argon2's would compile.
// Dev packages: NODE_ENV=production in the shell must not leave the tools out.
const NPM_FLAGS = ['--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']

const root = path.join(__dirname, '..')
const modules = path.join(root, 'node_modules')
const stampFile = path.join(modules, '.kernia-install')
const platform = process.platform === 'win32' ? 'win' : process.platform
const runtime = `node-${platform}-${process.arch}`

// Connection and security settings survive into the inner npm. The rest of the outer command (prefix, dry-run, omit,
// workspace, lifecycle names ...) belongs to that command and would make the inner one do something else.
const KEPT_CONFIG =
  /^npm_config_(registry|cache|userconfig|globalconfig|proxy|https_proxy|noproxy|ca|cafile|strict_ssl|offline|prefer_offline|fetch_.*|.*:.*|.*\/\/.*)$/i

const HINTS = [
  [
    /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|ENOTCACHED|network/i,
    'The package registry cannot be reached: check the connection and the proxy settings of npm.',
  ],
  [/ENOSPC/, 'The disk is full.'],
  [/EACCES|EPERM|EROFS/, `No permission to write ${modules}.`],
  [/E404|ETARGET|EBADPLATFORM|notarget/, 'There is no such package for this platform.'],
]

function main() {
  // Ctrl-C reaches the inner npm as well, which then rolls back: wait for that, or the next run would race with it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})

  const wanted = stampText()
  const stamp = read(stampFile)
  const needsRuntime = (isTooOld(process.versions.node) || !isOutside(process.execPath)) && !hasRuntime()
  if (stamp === wanted && !needsRuntime) return

  // Gone while anything happens below, so that an interrupted run is looked at again.
  fs.rmSync(stampFile, { force: true })
  const movedHere = stamp !== undefined && platformOf(stamp) !== platformOf(wanted)
  if (movedHere || !isInstalled()) install()
  ensureRuntime()
  fs.mkdirSync(modules, { recursive: true })
  fs.writeFileSync(stampFile, wanted)
}

/** What node_modules was made from: another lock file or another platform makes it stale. */
function stampText() {
  const lock = read(path.join(root, 'package-lock.json'))
  if (lock === undefined) fail('package-lock.json is missing: is this a complete checkout?')
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`
}

function platformOf(stamp) {
  return stamp.trim().split(' ')[1]
}

/**
 * Whether node_modules already agrees with the lock file, as after a plain `npm install`. npm writes its own record
 * (`.package-lock.json`) last, so a half-finished install has none.
 */
function isInstalled() {
  const have = readJson(path.join(modules, '.package-lock.json'))
  const want = readJson(path.join(root, 'package-lock.json'))
  if (!have || !want || !have.packages || !want.packages) return false
  for (const [name, entry] of Object.entries(want.packages)) {
    if (name === '' || entry.link) continue
    const found = have.packages[name]
    if (!found && isDispensable(entry)) continue
    if (!found || found.version !== entry.version) return false
    if (!fs.existsSync(path.join(root, name, 'package.json'))) return false
  }
  return true
}

/** Optional packages may be absent, except the binaries built for this very platform. */
function isDispensable(entry) {
  if (!entry.optional && !entry.devOptional) return false
  const forHere =
    entry.os && entry.cpu && !entry.libc && entry.os.includes(process.platform) && entry.cpu.includes(process.arch)
  return !forHere
}

function install() {
  say('Installing the locked packages (npm ci); the first time this takes up to a minute ...')
  const clean = npm('ci')
  if (clean.ok) return
  if (!/Missing: .* from lock file/.test(clean.output)) report(clean.output, 'Installing the packages failed.')
  // The checkout still works without the missing entries, and `npm run check` names them.
  say('The lock file is incomplete, `npm run complete-lock` mends it. Installing with npm install ...')
  const lenient = npm('install', '--no-save')
  if (!lenient.ok) report(lenient.output, 'Installing the packages failed.')
}

/** Adds Node to node_modules/.bin, which npm scripts find before the system's. After `npm ci`, because that wipes it. */
function ensureRuntime() {
  if (hasRuntime()) return
  if (isOutside(process.execPath) && !isTooOld(process.versions.node)) return
  const outer = outerNode()
  if (outer && !isTooOld(outer.version)) return
  const found = outer ? outer.version : process.versions.node
  say(`Node ${found} is older than ${OLDEST_NODE.join('.')}: adding Node ${RUNTIME_VERSION} to node_modules ...`)
  // npm believes a half-unpacked package that an interrupted run left behind.
  fs.rmSync(path.join(modules, runtime), { recursive: true, force: true })
  const added = npm('install', '--no-save', `${runtime}@${RUNTIME_VERSION}`)
  const advice = `Install Node ${OLDEST_NODE.join('.')} or newer yourself, then run the command again.`
  if (!added.ok) report(added.output, advice)
  if (!hasRuntime()) fail(`${runtime}@${RUNTIME_VERSION} was installed but is not usable. ${advice}`)
}

function hasRuntime() {
  const manifest = readJson(path.join(modules, runtime, 'package.json'))
  if (!manifest || manifest.version !== RUNTIME_VERSION) return false
  return fs.existsSync(path.join(modules, '.bin', platform === 'win' ? 'node.cmd' : 'node'))
}

/** The Node that runs npm itself, which is the system's even when our own comes first on the PATH. */
function outerNode() {
  const node =
    process.env.npm_node_execpath && isOutside(process.env.npm_node_execpath) ? process.env.npm_node_execpath : 'node'
  const result = spawnSync(node, ['-p', 'process.versions.node'], { env: innerEnv(), encoding: 'utf8' })
  return result.status === 0 ? { version: result.stdout.trim() } : undefined
}

function npm(command, ...args) {
  const result = runNpm(npmProgram(), [command, ...args, ...NPM_FLAGS])
  return { ok: result.status === 0, output: result.stderr.trim() }
}

function runNpm([program, ...first], args) {
  const result = spawnSync(program, [...first, ...args], {
    cwd: root,
    env: innerEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    shell: program === 'npm' && platform === 'win',
  })
  if (result.signal || result.status > 128 || /npm error signal SIG/.test(result.stderr)) process.exit(130)
  if (result.error) fail(result.error.code === 'ENOENT' ? 'npm was not found on the PATH.' : result.error.message)
  return result
}

/** The npm that was called, through its own Node: no shell, and no `npm.cmd` on Windows. */
function npmProgram() {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env
  const direct =
    cli && node && /npm-cli\.[cm]?js$/.test(cli) && isOutside(node) && fs.existsSync(node) && fs.existsSync(cli)
  const program = direct ? [node, cli] : ['npm']
  return Number.parseInt(runNpm(program, ['--version']).stdout, 10) >= 7 ? program : newerNpm(program)
}

/** npm 6, which comes with Node 14, cannot read our lock file. One that can goes into a folder that is ignored by git. */
function newerNpm(program) {
  const folder = path.join(root, '.kernia', `npm-${NPM_VERSION}`)
  const cli = path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js')
  if (!fs.existsSync(cli)) {
    const got = runNpm(program, ['install', '--prefix', folder, '--no-save', '--no-audit', `npm@${NPM_VERSION}`])
    if (got.status !== 0) report(got.stderr.trim(), 'Install npm 7 or newer yourself, then run the command again.')
  }
  return ['node', cli]
}

function report(output, advice) {
  // The first lines say it; npm's usage text and stack after them help nobody here.
  console.error(output.split('\n').slice(0, 4).join('\n'))
  const hint = HINTS.find(([pattern]) => pattern.test(output))
  fail(hint ? `${advice} ${hint[1]}` : advice)
}

function innerEnv() {
  const env = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (/^npm_/i.test(name) && !KEPT_CONFIG.test(name)) continue
    if (name === 'INIT_CWD') continue
    // node_modules is about to be replaced: nothing in it may run the replacement.
    env[name] = /^path$/i.test(name) ? value.split(path.delimiter).filter(isOutside).join(path.delimiter) : value
  }
  return env
}

function isOutside(file) {
  return (
    !`${path.resolve(file)}${path.sep}`.startsWith(modules + path.sep) && !/node_modules[\\/]\.bin[\\/]?$/.test(file)
  )
}

function isTooOld(version) {
  const [major, minor] = version.split('.').map(Number)
  return major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function say(text) {
  // stderr: a script's stdout may be piped into a file.
  console.error(`kernia: ${text}`)
}

function fail(text) {
  say(text)
  process.exit(1)
}

main()
