#!/usr/bin/env node
/** The command `pay-with-ipay`. Only the check of the Node version happens here: older ones could not load the rest. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 13)) {
  console.error(`pay-with-ipay needs Node 22.13 or newer, and this is ${process.versions.node}. Install a newer Node.`)
  process.exitCode = 1
} else {
  // A reader that has seen enough (`| head`) does not change what the command finds, or how it ends.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  const { runCommand } = await import('./run-command.ts')
  process.exitCode = await runCommand(process.argv.slice(2), {
    out: (line) => console.log(line),
    error: (line) => console.error(line),
  })
}

export {}
