# Sourced by the scripts that need a running server: serve_for_tests FOLDER OPTION...
# Starts `liif serve` on a free port; sets $server to its URL and $server_pid to its process, which ends with the script or by
# stop_serving.
stop_serving() {
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
    rm -f "$server_log" "$server_log.errors"
}

serve_for_tests() {
    server_log=$(mktemp)
    "${LIIF:-.build/release/liif}" serve --port 0 --log warning "$@" >"$server_log" 2>"$server_log.errors" &
    server_pid=$!
    trap stop_serving EXIT
    for _ in $(seq 300); do
        server=$(sed -n 's|.* at \(http://[^ ]*\)/ until.*|\1|p' "$server_log")
        [ -n "$server" ] && return 0
        kill -0 "$server_pid" 2>/dev/null || break
        sleep 0.1
    done
    echo "liif serve did not start:" >&2
    cat "$server_log.errors" >&2
    return 1
}
