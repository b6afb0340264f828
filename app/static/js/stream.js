// What the stream does by itself: the quiet pill of news, enlarged photos.
