// First line of every command: the sources are TypeScript that Node runs as it is, from 22.18 on. An older Node hands over
// to the one that `npm ci` installs, or says in one sentence what to do. Plain JavaScript that any Node reads.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const own = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))

/** Whether a Node of this version runs the sources: 22.18 and later of line 22, and everything from 23.6 on. */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)
}

if (!isNewEnough(process.versions.node)) {
  const found = spawnSync(own, ['-p', 'process.versions.node'], { encoding: 'utf8' })
  if (found.status === 0 && isNewEnough(found.stdout.trim())) {
    const { status } = spawnSync(own, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' })
    process.exit(status ?? 1)
  }
  console.error(
    `This needs Node 22.18 or newer and runs on ${process.versions.node}: run \`npm ci\` without --ignore-scripts, which ` +
      'brings a Node of its own, or install a newer one.',
  )
  process.exit(1)
}
