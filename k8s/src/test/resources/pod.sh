#!/bin/sh
# Runs a command as a pod would: nobody, without any right, on a root that is read-only but for what the pod mounts.
#   pod.sh ROOT USER IMAGE [--rw PATH | --ro PATH DIRECTORY]... -- COMMAND...
# IMAGE is the directory of a file system, or / for the programs of this machine. To be run as root in a mount namespace of its
# own ("unshare -m"); becomes the command, so that signals reach it.
set -eu
# The image's path is the first one that is looked along in there; what makes the sandbox is of this machine.
PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
root=$1
user=$2
image=$3
shift 3
mount --make-rprivate /
if [ "$image" != / ]; then
    mount --bind "$image" "$root"
else
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
    # The JDK of Debian has its settings there.
    mkdir "$root/etc"
    for file in /etc/java* /etc/ssl /etc/passwd /etc/group /etc/nsswitch.conf; do
        [ ! -e "$file" ] || cp -R "$file" "$root/etc/"
    done
fi
# As the kubelet does.
mkdir -p "$root/proc" "$root/dev" "$root/etc"
[ -e "$root/etc/hosts" ] || : > "$root/etc/hosts"
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
mount --rbind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind /etc/hosts "$root/etc/hosts"
mount -o remount,ro,bind "$root/etc/hosts"
mount -o remount,ro,bind "$root"
cd /
# Only what becoming somebody else takes is left, and that goes with it.
exec setpriv --bounding-set=-all,+sys_chroot,+setuid,+setgid --inh-caps=-all --no-new-privs \
    chroot --userspec="$user:$user" --groups="$user" "$root" "$@"
