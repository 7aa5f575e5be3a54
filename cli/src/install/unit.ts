import { type Layout, linkIn, places } from './layout.ts'

/** Root keeps only what it takes to give each part a user and a folder of its own, and to stop it. The parts keep none of it: they give up root. */
export const capabilities = ['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_KILL', 'CAP_SETGID', 'CAP_SETUID'] as const

/** systemd.unit(5), systemd.exec(5). `writable`: folders outside the data that settings name. */
export function unitText(layout: Layout, writable: readonly string[]): string {
  const { data } = layout
  return `# Made by claviger install, which writes it anew at each upgrade. Your changes: systemctl edit claviger
[Unit]
Description=Claviger, privileged access management
Documentation=file:${linkIn(layout, 'current')}/docs/operating.md
# codes and the times of grants are judged by the clock
Wants=network-online.target time-sync.target
After=network-online.target time-sync.target postgresql.service

[Service]
Type=exec
ExecStart=${linkIn(layout, 'current')}/claviger server
Environment=CLAVIGER_DATA=${data}
EnvironmentFile=-${places.settings}
WorkingDirectory=/
UMask=0022
Restart=on-failure
RestartSec=5s
# the supervisor stops its parts in their order; what is left after that is killed
KillMode=mixed
TimeoutStopSec=90s
# a part that ran out of memory is started again by the supervisor, and the others go on
OOMPolicy=continue

# root only as far as it takes to give each part a user of its own; the parts have no privileges at all
CapabilityBoundingSet=${capabilities.join(' ')}
AmbientCapabilities=
NoNewPrivileges=yes
LimitCORE=0
LimitNOFILE=65536
TasksMax=1024

ProtectSystem=strict
ReadWritePaths=${[data, ...writable].join(' ')}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
PrivateIPC=yes
KeyringMode=private
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
# ProtectProc would hide the parts from their supervisor, which has no right to trace
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
# MemoryDenyWriteExecute cannot be had: V8 compiles JavaScript and WebAssembly to machine code while it runs
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@keyring @memlock
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`
}
