#!/bin/sh
# Turns the fresh namespaces that it was started in into the lab's host "web01", and becomes its sshd.
#
# Started as root by root-host.ts, in mount, PID, UTS and IPC namespaces of its own. From the machine it takes the
# programs, read-only; everything that can change comes from the lab's folder. Nothing of this is seen outside, and
# all of it is gone with the last process.
#
#   $1       the lab's folder; `machine/` in it holds what web01 keeps: etc, home, root, var
#   stdin    `name:password` lines to set before the first connection; empty after the first start
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
umask 022
folder=$1
root=$folder/rootfs

mount -t tmpfs -o mode=755,size=16m tmpfs "$root"
cd "$root"
mkdir usr etc home root var run tmp dev proc old

mount --bind /usr usr
mount -o remount,bind,ro usr
for name in bin sbin lib lib32 lib64 libx32; do
  # links into /usr on a merged system, folders on others
  if [ -L "/$name" ]; then
    cp -P "/$name" "$name"
  elif [ -d "/$name" ]; then
    mkdir "$name"
    mount --bind "/$name" "$name"
    mount -o remount,bind,ro "$name"
  fi
done
for name in etc home root var; do mount --bind "$folder/machine/$name" "$name"; done
mount -t tmpfs -o mode=1777,size=64m,nosuid,nodev tmpfs tmp
mount -t tmpfs -o mode=755,size=16m,nosuid,nodev tmpfs run
mkdir run/sshd run/lock
: >run/utmp
ln -s /run var/run 2>/dev/null || :

mount -t tmpfs -o mode=755,size=1m,nosuid tmpfs dev
mkdir dev/pts dev/shm
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mknod -m 666 dev/tty c 5 0
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
mount -t tmpfs -o mode=1777,size=16m,nosuid,nodev tmpfs dev/shm
mount -t proc -o nosuid,nodev,noexec proc proc

hostname web01

if pivot_root . old 2>/dev/null; then
  cd /
  umount -l /old
  rmdir /old
else
  # a machine that runs from its boot image cannot pivot
  mount --move . /
fi
exec chroot . /bin/sh -c '
  set -eu
  cd /
  passwords=$(cat)
  [ -z "$passwords" ] || printf "%s\n" "$passwords" | chpasswd
  unset passwords
  exec </dev/null
  # root here is root of this host, not of the machine below it
  exec setpriv --bounding-set -sys_admin,-sys_module,-sys_rawio,-sys_ptrace,-sys_boot,-sys_time,-sys_pacct,-mknod,-net_admin,-net_raw,-linux_immutable,-mac_admin,-mac_override,-syslog /usr/sbin/sshd -D -e -f /etc/ssh/sshd_config
'
