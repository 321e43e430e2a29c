"""An app's life in a real kernel, without a page: messages are sent as a page would send them."""
