# Sourced by the scripts that need a running server: makes the temporary folder $folder, for what is served.
# serve_for_tests FOLDER OPTION... starts `liif serve` on a free port; sets $server to its URL and $server_pid to its process.
# The process ends with the script or by stop_serving, the folder with the script, however that ends.
server_pid=
stop_serving() {
    [ -n "$server_pid" ] || return 0
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
    server_pid=
}

folder=$(mktemp -d)
server_logs=$(mktemp -d)
trap 'stop_serving; rm -rf "$folder" "$server_logs"' EXIT

serve_for_tests() {
    : >"$server_logs/out"
    "${LIIF:-.build/release/liif}" serve --port 0 --log warning "$@" >"$server_logs/out" 2>"$server_logs/errors" &
    server_pid=$!
    for _ in $(seq 300); do
        server=$(sed -n 's|.* at \(http://[^ ]*\)/ until.*|\1|p' "$server_logs/out")
        [ -n "$server" ] && return 0
        kill -0 "$server_pid" 2>/dev/null || break
        sleep 0.1
    done
    echo "liif serve did not start:" >&2
    cat "$server_logs/errors" >&2
    return 1
}
