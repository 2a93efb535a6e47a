# Packages and sources from a list of one's own, without a look at this system's packages or a change of them. For sourcing.

# As root, apt reads and writes what only root may.
apt_as_user=()
if [ "$(id -u)" -eq 0 ]; then apt_as_user=(-o APT::Sandbox::User=root); fi

# use_packages NAME LINE…: sets $apt, the options for apt-get and apt-cache, to a list of packages that is at most a day old; an older
# one where no newer can be had, which is said.
use_packages() {
    local name=$1 state=.build/dist/apt/$1
    shift
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    : >"$state/nothing-installed"
    state=$(realpath "$state")
    apt=(
        -qq -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$state/lists"
        -o Dir::State::status="$state/nothing-installed" -o Dir::Cache="$state/cache" -o APT::Architecture=amd64
        -o APT::Architectures=amd64 -o APT::Install-Recommends=false -o Acquire::Languages=none "${apt_as_user[@]}"
    )
    printf '%s\n' "$@" >"$state/sources.new"
    if cmp -s "$state/sources.new" "$state/sources.list"; then
        if [ -n "$(find "$state" -name updated -mtime -1)" ]; then return; fi
    else
        rm -f "$state/updated"
        mv "$state/sources.new" "$state/sources.list"
    fi
    # By itself apt-get takes a list that it cannot have for one that has not changed.
    if apt-get "${apt[@]}" update --error-on=any; then
        touch "$state/updated"
    elif [ -e "$state/updated" ]; then
        echo "the list of packages $name cannot be had; that of $(date -r "$state/updated" +%F) is used" >&2
    else
        echo "the list of packages $name cannot be had, and there is no older one: see what apt-get says above" >&2
        return 1
    fi
}

# The mirrors of Debian that this system has its packages from.
debian_mirrors() {
    apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
        sed -n 's/^Debian //p' | sort -u
}

debian_keys=/usr/share/keyrings/debian-archive-keyring.gpg
