#!/usr/bin/env bash
# Runs the tests of the AVX-512 kernels on Bochs, an emulator of a whole PC, for
# who has no such processor (QEMU has no AVX-512 either):
#
#	nn/internal/kern/avx512.sh                          the tests of nn/internal/kern
#	nn/internal/kern/avx512.sh ./nn/cpu -test.run Bits  some of another package
#
# It needs Debian's packages, which it installs, and takes three minutes or more:
# Linux boots from a CD with the test as its only program, and what this writes to
# the serial port is shown when it has ended. The exit status is the test's.
set -euo pipefail
cd "$(dirname "$0")/../../.."
package=${1:-./nn/internal/kern}
shift || true
flags=(-test.short -test.v "$@")

sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo)
dpkg -s bochs bochs-term isolinux syslinux-common xorriso busybox-static cpio bsdutils >/dev/null 2>&1 ||
  "${sudo[@]}" apt-get -q install -y --no-install-recommends bochs bochs-term isolinux syslinux-common xorriso busybox-static cpio bsdutils

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir"/{kernel,cd} "$dir"/root/{proc,sys,dev,tmp,bin,work}

# The program, its package's test data, and what starts them.
CGO_ENABLED=0 GOARCH=amd64 GOOS=linux go test -c -o "$dir/root/bin/program" "$package"
[ ! -d "$package/testdata" ] || cp -r "$package/testdata" "$dir/root/work"
cp /bin/busybox "$dir/root/bin"
cat > "$dir/root/init" <<INIT
#!/bin/busybox sh
export PATH=/bin HOME=/tmp TMPDIR=/tmp
export KERN_PRINT_SETS=1 # kern's TestSwitches says which kernels there are
busybox mount -t proc proc /proc
busybox mount -t sysfs sys /sys
busybox mount -t devtmpfs dev /dev
cd /work
program ${flags[*]@Q} 2>&1
echo "exit status \$?"
busybox poweroff -f
INIT
chmod +x "$dir/root/init"
(cd "$dir/root" && find . | cpio -o -H newc -R 0:0 --quiet) > "$dir/cd/initrd"

# Debian's kernel for virtual machines, and a CD that boots it.
(
  cd "$dir/kernel"
  apt-get -q -o APT::Sandbox::User= download "$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: *//p' | head -n 1)"
  dpkg-deb -x ./*.deb .
  cp boot/vmlinuz-* ../cd/linux
) >/dev/null
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$dir/cd"
# Bochs' Skylake lacks what the kernel would use to save registers (xsaves), and
# counts time by instructions.
cat > "$dir/cd/isolinux.cfg" <<CD
default linux
label linux
 kernel linux
 append initrd=initrd rdinit=/init console=ttyS0,115200 quiet loglevel=3 mitigations=off nopti no_timer_check tsc=reliable lpj=200000 nowatchdog panic=-1 random.trust_cpu=on clearcpuid=xsaves,xsavec
CD
(cd "$dir" && xorriso -as mkisofs -quiet -o cd.iso -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table cd 2>/dev/null)

cat > "$dir/bochsrc" <<BOCHS
cpu: model=corei7_skylake_x, count=1, ips=50000000, reset_on_triple_fault=0, ignore_bad_msrs=1
memory: guest=512, host=512
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
plugin_ctrl: serial=1, biosdev=1, speaker=0, parallel=0
display_library: term
config_interface: textconfig
clock: sync=none, time0=utc
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path="$dir/cd.iso", status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev="$dir/serial"
log: $dir/log
panic: action=fatal
BOCHS

# The debugger in Debian's Bochs wants to be told to go on (c), and the display
# "term" wants a terminal, which script gives it.
: > "$dir/serial"
echo c > "$dir/commands"
TERM=xterm script -qfc "bochs -q -f $dir/bochsrc -rc $dir/commands" /dev/null </dev/null >"$dir/screen" 2>&1 &
emulator=$!
trap 'kill $emulator 2>/dev/null || true; rm -rf "$dir"' EXIT
while kill -0 $emulator 2>/dev/null && ! grep -aq '^exit status' "$dir/serial"; do
  sleep 1
done
tr -d '\r' < "$dir/serial"
status=$(tr -d '\r' < "$dir/serial" | sed -n 's/^exit status //p')
if [ -z "$status" ]; then
  echo "Bochs has ended before the test did:" >&2
  tail -n 5 "$dir/log" >&2
fi
exit "${status:-1}"
