import { Section } from '../ui/detail-page.tsx'

/** What belongs beside a kit, on paper. */
export const WhatToPrint = ({ threshold, custodians }: { threshold: number; custodians: readonly string[] }) => (
  <Section title="What to print">
    <ol>
      <li>
        Who opens it: {threshold} of {custodians.join(', ')}, each with their own private key. How to reach them, without this console.
      </li>
      <li>Where the kits lie: two media, in two places.</li>
      <li>
        The command: <code>claviger breakglass open claviger.kit</code>, on a laptop with this command line, ssh, psql and script.
      </li>
      <li>Whom to call when no road answers: the phone tree, as the kit shows it.</li>
      <li>
        Afterwards: <code>claviger breakglass adopt FILE</code>. The account is rotated, and a new kit is made.
      </li>
    </ol>
  </Section>
)
