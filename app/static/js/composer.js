// What helps while one writes: growing fields, drafts, names after "@", previews of photos.
