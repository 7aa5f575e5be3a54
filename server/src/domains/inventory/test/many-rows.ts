/**
 * SQL that puts a large fleet beside what is there: `fleet-0001` … with four accounts each, of every tier and state.
 * The rows are attested by nobody: good for looking at lists, and nothing would ever be released for them.
 */
export const manyRows = ({ targets, accounts }: { targets: number; accounts: number }): string[] => [
  `insert into target (id, name, kind, environment, tier, settings, identity, manager, revision, mac)
   select 'tgt_' || lpad('f' || n, 10, '0'), 'fleet-' || lpad(n::text, 4, '0'), 'linux-ssh',
     (array['production', 'staging', 'development'])[1 + n % 3], n % 4,
     jsonb_build_object('host', '198.51.100.' || n % 250, 'port', 2200 + n % 997), '{"hostKey":"SHA256:fleet"}', 'root', 1, '\\x00'
   from generate_series(1, ${targets}) as n`,
  `insert into account (id, target_id, name, category, tier, privileges, credentials, state, revision, mac)
   select 'acc_' || lpad('f' || n, 10, '0'), 'tgt_' || lpad('f' || (1 + (n - 1) % ${targets}), 10, '0'),
     (array['root', 'deploy', 'backup', 'monitor'])[1 + (n - 1) / ${targets}],
     (array['local-admin', 'service'])[1 + ((n - 1) / ${targets}) % 2], ((n - 1) / ${targets}) % 4, array['sudo'], array['ssh-key'],
     (array['managed', 'found', 'found', 'held'])[1 + (n - 1) / ${targets}], 1, '\\x00'
   from generate_series(1, ${accounts}) as n`,
  'analyze target, account',
]
