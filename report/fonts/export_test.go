package fonts

// EmojiFile is the list of all emoji.
var EmojiFile = emojiFile
