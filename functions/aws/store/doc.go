// Package store has the two kinds of [delivery.Store]: [S3], and [Folder] for one machine, with the
// same layout. Package storetest tests both against the same contract.
package store
