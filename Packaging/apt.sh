# Packages and sources from a list of one's own, without a look at this system's packages or a change of them. For sourcing.

# use_packages NAME LINE…: sets $apt, the options for apt-get and apt-cache, to a list of packages that is at most a day old.
use_packages() {
    local state=.build/dist/apt/$1
    shift
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    : >"$state/nothing-installed"
    state=$(realpath "$state")
    apt=(
        -qq -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$state/lists"
        -o Dir::State::status="$state/nothing-installed" -o Dir::Cache="$state/cache" -o APT::Architecture=amd64
        -o APT::Architectures=amd64 -o APT::Install-Recommends=false -o Acquire::Languages=none
    )
    if [ "$(id -u)" -eq 0 ]; then apt+=(-o APT::Sandbox::User=root); fi
    printf '%s\n' "$@" >"$state/sources.new"
    if cmp -s "$state/sources.new" "$state/sources.list" && [ -n "$(find "$state" -name updated -mtime -1)" ]; then return; fi
    mv "$state/sources.new" "$state/sources.list"
    apt-get "${apt[@]}" update
    touch "$state/updated"
}

# The mirrors of Debian that this system has its packages from.
debian_mirrors() {
    apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
        sed -n 's/^Debian //p' | sort -u
}

debian_keys=/usr/share/keyrings/debian-archive-keyring.gpg
