-- Who published a version of the knowledge, why, and which version it was made from. The first
-- version comes from a folder and has none of this.
ALTER TABLE knowledge ADD COLUMN actor TEXT;
ALTER TABLE knowledge ADD COLUMN note TEXT;
ALTER TABLE knowledge ADD COLUMN base INTEGER;
ALTER TABLE knowledge ADD COLUMN changes TEXT;
