import { vendorDescription } from '../vendor.ts'

/** Cisco IOS and IOS XE: `username NAME privilege 15 secret …` (Cisco IOS Security Command Reference). */
export const ciscoIos = vendorDescription.parse({
  name: 'cisco-ios',
  prompts: { user: '>', privileged: '#', config: '(config)#' },
  quiet: ['terminal length 0', 'terminal width 511'],
  more: { shows: '--More--', answer: ' ' },
  list: { command: 'show running-config | include ^username', begins: 'username ', privilege: 'privilege ' },
  change: {
    enter: 'configure terminal',
    // 0: what follows is not hashed yet. The privilege of the account stays as it is
    set: 'username {account} secret 0 {password}',
    leave: 'end',
    save: 'write memory',
  },
  refusals: {
    unknown: ['% Invalid input', '% Incomplete command', '% Ambiguous command', '% Unknown command', '% Unrecognized command'],
    right: ['% Authorization failed', 'Command authorization failed', '% Access denied'],
    password: ['% Password length', '% Password', '% Invalid Password', 'ERROR: Can not have both'],
  },
  // ? asks for help in the middle of a line, and control-V and spaces are read before they are taken
  password: { longest: 25, excluded: '?"\\ \'' },
})
