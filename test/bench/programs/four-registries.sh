#!/bin/sh
# What a person would type to take 1.3.0 back to 1.2.0 everywhere, all four registries at once, each with one look at
# the end. Wants IMAGE, IMAGE_DIGEST, TAP, BUCKET and the settings of npm and git in its environment; runs in an empty
# folder.
set -eu

image() {
  for tag in latest stable; do
    skopeo copy --quiet --all --preserve-digests --src-tls-verify=false --dest-tls-verify=false \
      "docker://$IMAGE@$IMAGE_DIGEST" "docker://$IMAGE:$tag"
  done
  skopeo inspect --tls-verify=false --format '{{.Digest}}' "docker://$IMAGE:latest"
}

package() {
  npm dist-tag add myapp@1.2.0 latest
  npm deprecate myapp@1.3.0 '1.3.0 was withdrawn; use 1.2.0 instead.'
  npm dist-tag ls myapp
}

# file NAME URL PATH: the commit before the newest one has the old content.
file() {
  git clone --quiet "$2" "$1"
  git -C "$1" checkout --quiet HEAD~1 -- "$3"
  git -C "$1" commit --quiet --message 'Back to 1.2.0'
  git -C "$1" push --quiet
  git -C "$1" ls-remote origin refs/heads/main
}

image & first=$!
package & second=$!
file tap "$TAP" Formula/myapp.rb & third=$!
file bucket "$BUCKET" bucket/myapp.json & fourth=$!
wait $first
wait $second
wait $third
wait $fourth
