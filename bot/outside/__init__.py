"""What goes in and out beside the chat: figures by token, exports, a person's data."""
