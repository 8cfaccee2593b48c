// Package store holds the two kinds of [delivery.Store]: [S3], and [Folder] for one machine, with the same layout.
// storetest holds both to the same contract.
package store
