import { randomBytes } from 'node:crypto'
import { Command } from 'commander'

/** `kernia secret`: 256 bits from the system's CSPRNG, in base64url. */
export function secretCommand(): Command {
  return new Command('secret')
    .description('Prints a random secret for KERNIA_SECRET')
    .option('--raw', 'print the secret alone, without the variable name')
    .action(({ raw }: { raw?: boolean }) => {
      const secret = randomBytes(32).toString('base64url')
      process.stdout.write(raw ? `${secret}\n` : `KERNIA_SECRET=${secret}\n`)
    })
}
