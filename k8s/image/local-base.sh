#!/bin/sh
# Makes a base image from this machine's own JDK 17, as a tar for -Dmillrace.image.base=tar://FILE: a JRE, the libraries that
# it loads, a user, /tmp, and nothing else. For trying images where no registry can be reached; for production take a base that
# somebody keeps up to date (k8s/README.md).
#   k8s/image/local-base.sh FILE.tar [PROGRAM]...        PROGRAM: others of this machine that it shall have, by their whole path
#   MODULES=java.se,...                                  other modules of Java
# Needs jlink, ldd, tar and sha256sum.
set -eu
out=$(realpath "${1:?usage: local-base.sh FILE.tar [PROGRAM]...}")
shift
java_home=${JAVA_HOME:-$(dirname "$(dirname "$(realpath "$(command -v java)")")")}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root/usr/lib/jvm" "$root/usr/bin" "$root/etc" "$root/tmp"

# What the node and the driver use, and crypto for TLS.
modules=${MODULES:-java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.rmi,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs}
"$java_home/bin/jlink" --module-path "$java_home/jmods" --no-header-files --no-man-pages --strip-debug \
    --add-modules "$modules" \
    --output "$root/usr/lib/jvm/java"
ln -s ../lib/jvm/java/bin/java "$root/usr/bin/java"
ln -s usr/bin "$root/bin"
for program in "$@"; do
    cp -L "$program" "$root/usr/bin/"
done

# The C library and what else is needed by these, at the paths where it is here.
find "$root/usr/lib/jvm/java" "$root/usr/bin" -type f \( -name '*.so' -o -path '*/bin/*' \) -exec ldd {} + 2>/dev/null |
    sed -n 's/.*=> \(\/[^ ]*\) (.*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' | sort -u | while read -r library; do
    case $library in "$root"*) continue ;; esac
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
done
# Names of hosts are looked up by these, which no library says it needs.
for library in libnss_dns.so.2 libnss_files.so.2 libresolv.so.2; do
    found=$(ldconfig -p | sed -n "s/.*$library .*x86-64.* => //p; s/.*$library .*AArch64.* => //p" | head -n 1)
    [ -z "$found" ] || { mkdir -p "$root$(dirname "$found")" && cp -L "$found" "$root$found"; }
done
echo 'hosts: files dns' > "$root/etc/nsswitch.conf"
printf 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' > "$root/etc/passwd"
printf 'root:x:0:\nnonroot:x:65532:\n' > "$root/etc/group"
chmod 1777 "$root/tmp"

# As "docker save" writes it: one layer, its description, and a list of both.
image=$work/image
mkdir "$image"
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$root" -cf "$image/layer.tar" .
layer=$(sha256sum "$image/layer.tar" | cut -d ' ' -f 1)
case $(uname -m) in x86_64) machine=amd64 ;; aarch64) machine=arm64 ;; *) machine=$(uname -m) ;; esac
cat > "$image/config.json" <<END
{"architecture":"$machine","os":"linux","created":"1970-01-01T00:00:00Z",
 "config":{"Env":["PATH=/usr/bin","JAVA_HOME=/usr/lib/jvm/java"],"User":"65532"},
 "rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},
 "history":[{"created":"1970-01-01T00:00:00Z","created_by":"k8s/image/local-base.sh"}]}
END
echo '[{"Config":"config.json","RepoTags":["millrace/local-base:17"],"Layers":["layer.tar"]}]' > "$image/manifest.json"
tar -C "$image" -cf "$out" manifest.json config.json layer.tar
echo "$out: $(du -h "$out" | cut -f 1)"
