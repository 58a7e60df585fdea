#!/usr/bin/env bash
# Builds the image as src/docs/deploy.md says, on a base of this machine's own files instead of Microsoft's, which needs the internet: a local registry
# gives the base and takes the image. Then unpacks the image and runs it as user 1654 under a read-only root, with nothing else in it.
# Needs Debian's docker-registry, skopeo, umoci, bubblewrap and curl. Serves the list from the sandbox, and ends with "image: ok".
set -euo pipefail
cd "$(dirname "$0")/../.."
for program in docker-registry skopeo umoci bwrap curl; do
  command -v "$program" >/dev/null || { echo "image: $program is missing (apt-get install docker-registry skopeo umoci bubblewrap curl)"; exit 2; }
done

work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])' 2>/dev/null || shuf -i 20000-29999 -n 1; }
eventually() { for _ in $(seq 150); do "$@" >/dev/null 2>&1 && return 0; sleep 0.2; done; echo "image: not within 30 s: $*"; return 1; }

registry_port=$(port)
registry=localhost:$registry_port
cat > "$work/registry.yml" <<YML
version: 0.1
storage: { filesystem: { rootdirectory: $work/registry } }
http: { addr: 127.0.0.1:$registry_port }
YML
docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
pids+=($!)
eventually curl -fs "http://$registry/v2/"

# The base: what the single file is linked with, OpenSSL, root certificates, and a user 1654. No shell.
base=$work/base
mkdir -p "$base"/{etc/ssl/certs,lib64,tmp,usr/lib/ssl,proc,dev}
libraries=/lib/x86_64-linux-gnu
for library in /lib64/ld-linux-x86-64.so.2 $libraries/lib{c,m,dl,pthread,rt}.so.* $libraries/libgcc_s.so.1 /usr/lib/x86_64-linux-gnu/libstdc++.so.6 /usr/lib/x86_64-linux-gnu/lib{ssl,crypto}.so.3 $libraries/libnss_{files,dns}.so.2 $libraries/libresolv.so.2 $libraries/libz.so.1; do
  [ -e "$library" ] && install -D -m 755 "$(readlink -f "$library")" "$base$library"
done
install -m 644 /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs/"
printf 'root:x:0:0::/root:/sbin/nologin\napp:x:1654:1654::/home/app:/sbin/nologin\n' > "$base/etc/passwd"
printf 'root:x:0:\napp:x:1654:\n' > "$base/etc/group"
printf 'hosts: files dns\n' > "$base/etc/nsswitch.conf"
umoci init --layout "$work/oci"
umoci new --image "$work/oci:base"
umoci unpack --image "$work/oci:base" "$work/bundle"
cp -a "$base/." "$work/bundle/rootfs/"
umoci repack --image "$work/oci:base" "$work/bundle"
umoci config --image "$work/oci:base" --config.user 1654
skopeo copy --quiet --dest-tls-verify=false "oci:$work/oci:base" "docker://$registry/base:1"

# The command of the documentation, with the base and the registry.
dotnet publish src/CalGateway -r linux-x64 -t:PublishContainer -p:ContainerBaseImage="$registry/base:1" -p:ContainerRegistry="$registry" \
  --artifacts-path artifacts/publish-composite -p:RunAnalyzers=false --nologo -v quiet

skopeo copy --quiet --src-tls-verify=false "docker://$registry/calgateway:latest" "oci:$work/oci:calgateway"
skopeo inspect --config "oci:$work/oci:calgateway" > "$work/config.json"
umoci unpack --image "$work/oci:calgateway" "$work/image"
root=$work/image/rootfs
grep -q '"User": *"1654"' "$work/config.json"
grep -q '"/app/calgateway"' "$work/config.json"
grep -q '"8080/tcp"' "$work/config.json"
[ "$(ls "$root/app")" = "$(printf 'calgateway\nyarp.json\nyarp.schema.json')" ]
! find "$root" -name sh -o -name bash -o -name busybox | grep -q .

# The sandbox stands for Cal.com; it runs outside.
sandbox_port=$(port)
dotnet run --project src/CalGateway.Sandbox -c Release --artifacts-path artifacts/publish-composite -- --urls "http://127.0.0.1:$sandbox_port" >"$work/sandbox.log" 2>&1 &
pids+=($!)
eventually curl -s "http://127.0.0.1:$sandbox_port/v2/event-types"

mkdir "$work/mounted"
sed 's|"CalGateway": {|"CalGateway": { "Access": { "Mode": "Anonymous" },|' "$root/app/yarp.json" > "$work/mounted/yarp.json"
printf cal_test_sandbox > "$work/mounted/key"
chmod -R a+rX "$work"
http_port=$(port)
inside() {
  bwrap --ro-bind "$root" / --ro-bind "$work/mounted" /tmp --proc /proc --dev /dev --unshare-user --unshare-ipc --unshare-pid --uid 1654 --gid 1654 --die-with-parent --clearenv \
    --setenv PATH /app:/usr/local/bin --setenv ASPNETCORE_HTTP_PORTS "$http_port" --setenv CALGATEWAY_CONFIG /tmp/yarp.json --setenv CALCOM_API_KEY_FILE /tmp/key \
    --setenv CALCOM_BASE_URL "http://127.0.0.1:$sandbox_port" --setenv CalGateway__Management__Url "" --chdir /app "$@"
}
inside /app/calgateway >"$work/gateway.log" 2>&1 &
pids+=($!)
eventually curl -fs "http://127.0.0.1:$http_port/healthz/ready" || { cat "$work/gateway.log"; exit 1; }
inside calgateway health
curl -fsS "http://127.0.0.1:$http_port/calcom/v2/event-types" | grep -q '"data"'
inside calgateway --version
echo "image: ok"
