#!/bin/sh
# Runs a command as a pod would: nobody, without any right, on a root that is read-only but for what the pod mounts.
#   pod.sh ROOT USER [--rw PATH | --ro PATH DIRECTORY]... -- COMMAND...
# To be run as root in a mount namespace of its own ("unshare -m"); becomes the command, so that signals reach it.
set -eu
root=$1
user=$2
shift 2
mount --make-rprivate /
mount -t tmpfs -o mode=755 none "$root"
for directory in usr lib lib32 lib64 bin sbin; do
    if [ -h "/$directory" ]; then
        cp -P "/$directory" "$root/$directory"
    elif [ -d "/$directory" ]; then
        mkdir "$root/$directory"
        mount --bind "/$directory" "$root/$directory"
        mount -o remount,ro,bind "$root/$directory"
    fi
done
mkdir "$root/etc"
# The JDK of Debian has its settings there.
for file in /etc/java* /etc/ssl /etc/passwd /etc/group /etc/hosts /etc/nsswitch.conf; do
    [ ! -e "$file" ] || cp -R "$file" "$root/etc/"
done
mkdir "$root/proc" "$root/dev"
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do
    case $1 in
        --rw)
            mkdir -p "$root$2"
            mount -t tmpfs -o "uid=$user,gid=$user,mode=700,nosuid,nodev" none "$root$2"
            shift 2
            ;;
        --ro)
            mkdir -p "$root$2"
            mount --bind "$3" "$root$2"
            mount -o remount,ro,bind "$root$2"
            shift 3
            ;;
    esac
done
shift
mount -o remount,ro "$root"
cd /
exec chroot "$root" /usr/bin/setpriv --reuid "$user" --regid "$user" --clear-groups --bounding-set -all --inh-caps -all \
    --no-new-privs -- "$@"
