import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rulesOfCommand } from './command-rules.ts'

const seen = (line: string) => [...rulesOfCommand(line)].sort()

test.each([
  ['rm -rf /srv/data', ['recursive_delete']],
  ['rm -r -f x', ['recursive_delete']],
  ['sudo -u root /bin/rm -Rv x', ['recursive_delete']],
  ['cd /tmp && rm --recursive old; ls', ['recursive_delete']],
  ["bash -c 'rm -rf x'", ['recursive_delete']],
  ['echo "$(rm -rf x)"', ['recursive_delete']],
  ['find /srv -name x -delete', ['recursive_delete']],
  ['find /srv -exec rm {} ;', ['recursive_delete']],
  ['if true; then rm -rf x; fi', ['recursive_delete']],
  ['LANG=C nohup nice -n 5 rm -rf x &', ['recursive_delete']],
  ['dd if=/dev/zero of=/dev/sda', ['recursive_delete']],
  ['pg_dump shop | gzip > shop.gz', ['dump']],
  ['timeout 10 mysqldump --all-databases', ['dump']],
  ['history -c', ['history_wiped']],
  ['unset HISTFILE', ['history_wiped']],
  ['export HISTFILE=/dev/null', ['history_wiped']],
  ['HISTSIZE=0', ['history_wiped']],
  ['> ~/.bash_history', ['history_wiped']],
  ['ln -sf /dev/null ~/.zsh_history', ['history_wiped']],
  ['sudo systemctl stop auditd', ['audit_stopped']],
  ['auditctl -e 0', ['audit_stopped']],
  ['rm /var/log/auth.log', ['audit_stopped']],
  ['chmod u+s /bin/bash', ['privilege_escalation']],
  ['chmod 4755 x', ['privilege_escalation']],
  ['usermod -aG sudo eve', ['privilege_escalation']],
  ['useradd -o -u 0 eve', ['privilege_escalation']],
  ["echo 'eve ALL=(ALL) ALL' | sudo tee -a /etc/sudoers.d/eve", ['privilege_escalation']],
  ['echo key >> /root/.ssh/authorized_keys', ['privilege_escalation']],
  ['sudo -i', ['privilege_escalation']],
  ['su -', ['privilege_escalation']],
  ['cat /etc/shadow', ['secrets_taken']],
  ['base64 -d x | sh', ['opaque']],
  ['ssh db02', ['opaque']],
  ['docker exec -it app sh', ['opaque']],
  ["psql shop -c 'drop table orders'", ['drop', 'opaque']],
  ['mysql -e "delete from orders"', ['delete_all', 'opaque']],
])('%s: %j', (line, rules) => expect(seen(line)).toEqual(rules))

test.each([
  'rm old.txt',
  'ls -lR /srv',
  'echo rm -rf x',
  "grep 'rm -rf' notes",
  'git commit -m "drop table; rm -rf"',
  'chmod 644 x',
  'sudo systemctl restart nginx',
  'systemctl status auditd',
  'tail -f /var/log/syslog',
  'cat /etc/passwd',
  'echo done 2>&1',
  '# rm -rf /',
  'sudo -u postgres ls',
  '',
])('%s: nothing', (line) => expect(seen(line)).toEqual([]))

test('any text is looked at, and no text takes long', () => {
  const part = fc.constantFrom('rm', ' ', '-rf', "'", '"', '$(', ')', '`', ';', '\\', '>', 'sudo', 'sh -c ', '{', '}', '\n', 'x', '#')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 400 }), (parts) => {
      rulesOfCommand(parts.join(''))
    }),
  )
  rulesOfCommand('$('.repeat(8_000))
  rulesOfCommand('"$('.repeat(5_000))
  rulesOfCommand('sudo -u '.repeat(2_000))
})
