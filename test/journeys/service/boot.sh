#!/bin/sh
# Starts a systemd of its own, as process 1 of fresh namespaces, over a copy-on-write view of this machine: what is installed and started in
# there changes nothing outside, and is gone with the last process. Started as root by box.ts, in a control group that was made for it, under `script`,
# since systemd wants a console.
#
#   $1   an empty folder of ours
#   $2   "inside" once the namespaces are there
set -eu
work=$1
if [ "${2-}" != inside ]; then
  exec unshare --pid --fork --mount --uts --ipc --net --cgroup --kill-child=KILL sh "$0" "$work" inside
fi
mount --make-rprivate /
mount -t tmpfs -o size=3g,mode=755 tmpfs "$work"
cd "$work"
mkdir upper scratch new
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/scratch" new
cd new

mount -t proc proc proc
# settings of the kernel are the machine's
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
mkdir sys/fs/cgroup/systemd
if ! mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd 2>/dev/null; then
  umount sys/fs/cgroup
  mount -t cgroup2 cgroup2 sys/fs/cgroup
fi
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do
  touch "dev/$name"
  mount --bind "/dev/$name" "dev/$name"
done
mkdir dev/pts dev/shm dev/mqueue
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
touch dev/console
mount --bind "$(tty)" dev/console
ip link set lo up

# nothing of this machine's own is started in there
for folder in usr/lib/systemd/system etc/systemd/system; do rm -rf "$folder"/*.wants "$folder"/*.requires; done
rm -rf usr/lib/systemd/system-generators
mkdir -p opt var/lib

mkdir old
pivot_root . old
umount -l old
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb container=other \
  /lib/systemd/systemd --system --unit=basic.target --log-target=console --log-level=info --show-status=no
