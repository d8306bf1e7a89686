// The container registry of go-containerregistry, a second make beside distribution's, with versions of its own.
module test-server-go-containerregistry

go 1.25.0

tool github.com/google/go-containerregistry/cmd/registry

require github.com/google/go-containerregistry v0.22.1 // indirect
