"""The Lumos connector for MockApp."""
